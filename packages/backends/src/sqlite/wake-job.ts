/**
 * Makes a job due. A claimed job is due as soon as it is parked, because the event that it waits for has come meanwhile. A dead letter goes
 * on only when a person has acted (J4).
 */
export const WAKE_JOB = `UPDATE job SET wake_at = ? WHERE id = ? AND (state = 'CLAIMED' OR (state = 'WAITING' AND attention IS NOT 'dead_lettered'))`;
