export class Orphan {}
