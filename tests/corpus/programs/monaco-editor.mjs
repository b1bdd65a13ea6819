import { Range } from 'monaco-editor/editor/common/core/range.js';
import { Position } from 'monaco-editor/editor/common/core/position.js';
import { Emitter } from 'monaco-editor/base/common/event.js';
import { DisposableStore } from 'monaco-editor/base/common/lifecycle.js';
import { LcsDiff, StringDiffSequence } from 'monaco-editor/base/common/diff/diff.js';
import * as strings from 'monaco-editor/base/common/strings.js';

const store = new DisposableStore();
const emitter = store.add(new Emitter());
store.add(emitter.event((value) => console.log('event', value)));
emitter.fire(1);
store.dispose();
emitter.fire(2);
console.log(Range.plusRange(new Range(1, 1, 2, 3), new Range(2, 1, 4, 2)).toString(), Position.compare(new Position(1, 2), new Position(1, 3)));
console.log(new LcsDiff(new StringDiffSequence('abcdef'), new StringDiffSequence('abxdef')).ComputeDiff(true).changes.map((change) => change.originalStart), strings.escape('<a>'), strings.commonPrefixLength('abc', 'abd'));
