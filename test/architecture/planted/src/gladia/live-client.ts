export class LiveClient {}
