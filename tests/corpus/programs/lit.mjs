// platforms: node; on browsers the package asks for a document.
import { css, html, LitElement, svg, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { isServer } from 'lit';

class MyElement extends LitElement {
    static properties = { name: { type: String }, count: { type: Number, reflect: true } };
    static styles = css`:host { color: ${css`red`}; }`;
    render() { return html`<p class=${classMap({ a: true })}>${this.name}</p>${nothing}`; }
}
customElements.define('my-element', MyElement);
console.log(MyElement.observedAttributes.join(), String(MyElement.styles), isServer);
const template = html`<b>${1}</b>`;
console.log(template.strings.join('|'), template.values, svg`<g/>`._$litType$);
console.log(customElements.get('my-element') === MyElement);
