import { Model } from './model.js';

export const page = new Model();
export { Model };
log(Model.instances, page instanceof Model);
