import { applyPatches, createDraft, enableMapSet, enablePatches, finishDraft, isDraft, nothing, original, produce, produceWithPatches } from 'immer';

enableMapSet();
enablePatches();
const base = { a: { b: [1, 2] }, m: new Map([['x', { y: 1 }]]) };
const [next, patches, inverse] = produceWithPatches(base, (draft) => { draft.a.b.push(3); draft.m.get('x').y = 2; console.log(isDraft(draft.a), original(draft.a) === base.a); });
console.log(JSON.stringify(patches), next.m.get('x'), base.m.get('x'), Object.isFrozen(next.a));
console.log(JSON.stringify(applyPatches(next, inverse).a), produce({ x: 1 }, () => nothing), finishDraft(createDraft([1])).length);
