export class MixerHealth {}
