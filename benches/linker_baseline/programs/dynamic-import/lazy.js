log('lazy');
export const named = (value) => value * 2;
export default 'default of lazy';
