export const both = 'right';
export const own = 'own of right';
export const fromRight = 'right';
