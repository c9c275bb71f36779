import { Injectable } from '@nestjs/common';

/** Whether the service is shutting down: it takes no new sessions and reports that it is not ready. */
@Injectable()
export class Drain {
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  begin(): void {
    this.#draining = true;
  }
}
