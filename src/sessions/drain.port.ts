import { Injectable } from '@nestjs/common';

/** Whether the service is on its way out: it takes no new sessions and says that it is not ready. */
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
