export const both = 'left';
export const own = 'own of left';
export const fromLeft = 'left';
export default 'never passed on';
