export * as settings from './settings.js';
