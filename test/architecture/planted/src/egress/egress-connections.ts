export abstract class EgressConnections {}
