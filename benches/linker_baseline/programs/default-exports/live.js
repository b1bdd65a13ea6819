let value = 'before';
export { value as default };
export const setLive = (next) => (value = next);
