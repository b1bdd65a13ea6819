import * as THREE from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { SVGLoader } from 'three/addons/loaders/SVGLoader.js';

const scene = new THREE.Scene();
const mesh = new THREE.Mesh(new THREE.BoxGeometry(1, 2, 3), new THREE.MeshStandardMaterial({ color: 'tomato' }));
mesh.position.set(1, 2, 3);
mesh.rotation.y = Math.PI / 2;
scene.add(mesh);
scene.updateMatrixWorld(true);
const ray = new THREE.Raycaster(new THREE.Vector3(1, 2, 10), new THREE.Vector3(0, 0, -1));
console.log(ray.intersectObject(mesh).map((hit) => hit.distance.toFixed(3)), mesh.matrixWorld.elements.map((x) => x.toFixed(2)).join());
console.log(new THREE.Color('tomato').getHexString(), THREE.MathUtils.degToRad(180).toFixed(5), THREE.REVISION, new THREE.Box3().setFromObject(mesh).getSize(new THREE.Vector3()).toArray().map((x) => x.toFixed(2)));
console.log(mergeGeometries([new THREE.SphereGeometry(1, 4, 4), new THREE.SphereGeometry(2, 4, 4)]).attributes.position.count, typeof GLTFLoader, typeof SVGLoader.createShapes);
