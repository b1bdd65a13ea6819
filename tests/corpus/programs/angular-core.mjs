import { computed, effect, Injectable, InjectionToken, Injector, inject, signal, untracked, VERSION, ɵɵdefineInjectable } from '@angular/core';

const URL_TOKEN = new InjectionToken('url', { providedIn: 'root', factory: () => 'http://x' });
class Service {
    static ɵprov = ɵɵdefineInjectable({ token: Service, providedIn: 'root', factory: () => new Service() });
    url = inject(URL_TOKEN);
    count = signal(1);
    double = computed(() => this.count() * 2);
}
const injector = Injector.create({ providers: [{ provide: Service, deps: [], useFactory: () => new Service() }, { provide: URL_TOKEN, useValue: 'http://y' }] });
const service = injector.get(Service);
service.count.set(4);
console.log(service.url, service.double(), untracked(() => service.count()), VERSION.major);
console.log(typeof Injectable, typeof effect, String(URL_TOKEN));
