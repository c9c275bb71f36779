import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { errorKind } from '../logging/error-kind.js';

type EventClass<F extends object> = abstract new (...args: never[]) => F;
type Listener<F> = (event: F) => void | Promise<void>;

/**
 * Typed domain events over `@nestjs/event-emitter`: the class is the event's name and type.
 * A listener that throws or rejects is reported and isolated: neither the publisher nor another listener notices.
 * Listeners run in the order in which they subscribed; modules subscribe in `onModuleInit` and publish only after it.
 */
@Injectable()
export class EventBus {
  readonly #logger = new Logger(EventBus.name);

  constructor(private readonly emitter: EventEmitter2) {}

  /** Calls `listener` with every event of this class, until the returned function is called. */
  on<F extends object>(type: EventClass<F>, listener: Listener<F>): () => void {
    const isolated = (event: F): void => {
      void (async () => listener(event))().catch((error: unknown) => {
        this.#logger.error(`a listener of ${type.name} failed: ${errorKind(error)}`);
      });
    };
    this.emitter.on(type.name, isolated);
    return () => void this.emitter.off(type.name, isolated);
  }

  publish(event: object): void {
    this.emitter.emit(event.constructor.name, event);
  }
}
