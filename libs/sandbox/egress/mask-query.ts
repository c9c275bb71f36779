/** A URL as EgressInfo repeats it in the request: every query value masked. */
export function maskQuery(url: string): string {
  return url.replace(/([?&][^=&]+)=[^&]*/g, '$1={...}');
}
