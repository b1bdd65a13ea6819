import { NIL, parse, stringify, v1, v3, v4, v5, v7, validate, version } from 'uuid';

console.log(v5('hello.example.com', v5.DNS), v3('hello.example.com', v3.DNS), stringify(parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b')));
console.log(validate(v4()), version(v7()), version(v1()), NIL, v4({ random: Uint8Array.from({ length: 16 }, (_, at) => at) }));
