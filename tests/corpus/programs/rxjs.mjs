import { BehaviorSubject, combineLatest, concat, from, interval, lastValueFrom, of, Subject, throwError } from 'rxjs';
import { catchError, debounceTime, filter, map, mergeMap, reduce, scan, switchMap, take, toArray } from 'rxjs/operators';
import { ajax } from 'rxjs/ajax';
import { TestScheduler } from 'rxjs/testing';

console.log(await lastValueFrom(from([1, 2, 3, 4]).pipe(filter((x) => x % 2 === 0), map((x) => x * 10), reduce((a, b) => a + b))));
console.log(await lastValueFrom(interval(1).pipe(take(3), scan((a, b) => a + b, 0), toArray())));
const subject = new BehaviorSubject('a');
combineLatest([subject, of(1, 2)]).subscribe((pair) => console.log(pair.join()));
subject.next('b');
concat(of(1), throwError(() => new Error('bad'))).pipe(catchError((error) => of(error.message)), mergeMap((x) => of(x, x))).subscribe((x) => console.log(x));
const typed = new Subject();
typed.pipe(debounceTime(1), switchMap((x) => of(`${x}!`))).subscribe((x) => console.log(x));
typed.next('x');
typed.next('y');
new TestScheduler((actual, expected) => console.log(JSON.stringify(actual) === JSON.stringify(expected))).run(({ cold, expectObservable }) => expectObservable(cold('a-b|').pipe(map((x) => x + x))).toBe('a-b|', { a: 'aa', b: 'bb' }));
console.log(typeof ajax);
