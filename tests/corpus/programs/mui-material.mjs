// platforms: node; on browsers styles go into a document.
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { Alert, Button, createTheme, Slider, Stack, TextField, ThemeProvider } from '@mui/material';
import Chip from '@mui/material/Chip';

const theme = createTheme({ palette: { mode: 'dark', primary: { main: '#ff5722' } } });
console.log(theme.palette.primary.dark, theme.spacing(2), theme.breakpoints.up('md'));
console.log(renderToString(h(ThemeProvider, { theme }, h(Stack, { spacing: 2, sx: { m: 1 } }, h(Button, { variant: 'contained' }, 'Press'), h(Chip, { label: 'chip' }), h(Alert, { severity: 'error' }, 'bad'), h(Slider, { defaultValue: 3, 'aria-label': 'x' }), h(TextField, { id: 'i', label: 'Name' })))));
