/**
 * What `sanitize-html` does for the widget manager, in the browser's own parser.
 *
 * The manager sanitises one thing: widget descriptions whose author allowed HTML. The library that
 * it imports for that brings a whole HTML parser (96 KB gzip); a page already has one. The
 * untrusted string is parsed into an inert document (nothing loads, nothing runs), and a new tree
 * is *built* from what is allowed, so that anything unforeseen is left out rather than let in.
 */

/** Elements whose text is not prose: dropped with all they hold. */
const DROPPED = new Set([
  "script",
  "style",
  "template",
  "noscript",
  "textarea",
  "option",
  "iframe",
  "object",
  "embed",
  "svg",
  "math",
  "title",
  "xmp",
  "noembed",
  "noframes",
  "plaintext",
]);

const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const PICTURE = /^data:image\/(png|jpeg|gif|webp);base64,/i;

/** Is an attribute's URL one that may stand? A relative one may; a picture may also be inline. */
function safeUrl(name, value) {
  const text = value.trim();
  if (name === "src" && PICTURE.test(text)) {
    return true;
  }
  try {
    return LINK_SCHEMES.has(new URL(text, "https://page.invalid/").protocol);
  } catch {
    return false;
  }
}

/** May this attribute stand on this element? `aria-*` in a list stands for all that begin so. */
function allowed(tag, { name, value }, lists) {
  const names = [...(lists["*"] ?? []), ...(lists[tag] ?? [])];
  const listed = names.some((entry) =>
    entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : name === entry,
  );
  if (!listed) {
    return false;
  }
  if (name === "href" || name === "src") {
    return safeUrl(name, value);
  }
  // CSS can fetch and cover the page, but hardly speak: no addresses, no leaving its place.
  return name !== "style" || !/url\s*\(|image-set|@import|expression|position|\\/i.test(value);
}

/**
 * @param {string} source untrusted HTML
 * @param {{allowedTags: string[], allowedAttributes: Record<string, string[]>}} options
 * @returns {string} HTML that holds nothing but what the options allow
 */
export default function sanitize(source, { allowedTags, allowedAttributes }) {
  const parsed = new DOMParser().parseFromString(String(source), "text/html");
  const clean = document.implementation.createHTMLDocument("");
  const tags = new Set(allowedTags);

  function copy(from, to) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        to.append(clean.createTextNode(node.data));
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        const tag = node.localName;
        if (tags.has(tag)) {
          const element = clean.createElement(tag);
          for (const attribute of node.attributes) {
            if (allowed(tag, attribute, allowedAttributes)) {
              element.setAttribute(attribute.name, attribute.value);
            }
          }
          copy(node, element);
          to.append(element);
        } else if (!DROPPED.has(tag)) {
          copy(node, to);
        }
      }
    }
  }

  copy(parsed.body, clean.body);
  return clean.body.innerHTML;
}
