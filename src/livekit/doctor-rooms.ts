/** Rooms whose names begin so are made by the doctor to try something out: nobody is in them, and no session begins there. */
export const DOCTOR_ROOM_PREFIX = 'roomscribe-doctor';
