/** Rooms with this prefix are created by the doctor for its checks: they are empty, and no session starts in them. */
export const DOCTOR_ROOM_PREFIX = 'roomscribe-doctor';
