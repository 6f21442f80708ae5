import { systemClock } from '../../src/main/engine/systemClock.ts';
import { PatientClock } from '../support/patientClock.ts';

/** Forty times as fast: real sockets need real time, and 30 s of silence need not be waited for. */
export class FastClock extends PatientClock {
  override readonly wall = systemClock.wall;

  constructor() {
    super(40);
  }
}
