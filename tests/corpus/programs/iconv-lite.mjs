// platforms: node; works on buffers.
import iconv from 'iconv-lite';

console.log(iconv.encode('Grüße €', 'win1252').toString('hex'), iconv.decode(Buffer.from('93fa967b8cea', 'hex'), 'shift_jis'), iconv.decode(iconv.encode('中文', 'gb18030'), 'gb18030'));
console.log(iconv.encodingExists('euc-kr'), iconv.encode('x', 'utf16').length, iconv.decode(iconv.encode('한글', 'cp949'), 'euc-kr'), iconv.decode(iconv.encode('漢字', 'big5'), 'big5'));
