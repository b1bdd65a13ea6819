import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { Alert, Button, ConfigProvider, Divider, Flex, Input, Space, Tag, theme, Typography } from 'antd';

const page = h(ConfigProvider, { theme: { algorithm: theme.darkAlgorithm, token: { colorPrimary: '#00b96b' } } }, h(Space, null, h(Button, { type: 'primary', size: 'large' }, 'Press'), h(Tag, { color: 'red' }, 'new'), h(Input, { defaultValue: 'x', prefix: '$' }), h(Typography.Title, { level: 3 }, 'Title'), h(Flex, { vertical: true }, h(Divider, null, 'or'), h(Alert, { type: 'info', title: 'Note', showIcon: true }))));
console.log(renderToString(page));
