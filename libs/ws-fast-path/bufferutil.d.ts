declare module 'bufferutil' {
  const bufferutil: {
    /** Unmasks in place. */
    unmask(payload: Buffer, mask: Buffer): void;
  };
  export default bufferutil;
}
