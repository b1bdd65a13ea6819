import { Quaternion, Vector3 } from 'three';

console.log(new Vector3(1, 0, 0).applyQuaternion(new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), Math.PI / 2)).toArray().map((x) => x.toFixed(3)).join());
