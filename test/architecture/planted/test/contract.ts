export const CONTRACT = 'kept';
