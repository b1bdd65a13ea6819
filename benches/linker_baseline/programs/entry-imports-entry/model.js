export class Model {
    static instances = 0;
    constructor() {
        Model.instances += 1;
    }
}
log('model is created');
