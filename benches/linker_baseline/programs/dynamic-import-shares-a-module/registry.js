const names = [];
export const register = (name) => {
    names.push(name);
};
export const registered = () => names.join();
