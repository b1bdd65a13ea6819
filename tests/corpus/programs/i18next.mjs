import i18next, { createInstance, t } from 'i18next';

await i18next.init({ lng: 'de', fallbackLng: 'en', showSupportNotice: false, resources: { de: { translation: { hi: 'Hallo {{name}}', item_one: '{{count}} Ding', item_other: '{{count}} Dinge' } }, en: { translation: { only: 'english $t(hi)', deep: { a: 'b' } } } } });
console.log(i18next.t('hi', { name: 'Ann' }), t('item', { count: 1 }), t('item', { count: 5 }), t('only', { name: 'x' }), i18next.t('deep.a'), i18next.t('none'));
await i18next.changeLanguage('en');
console.log(i18next.language, i18next.dir('ar'), createInstance() === i18next);
