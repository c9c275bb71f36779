export class GladiaProbe {}
