export class Fact {}
