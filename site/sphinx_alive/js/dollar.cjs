/**
 * What ipywidgets 8 still asks of jQuery: `view.$el`, a holder of one element that can be emptied.
 * (Its views listen, find and remove natively.) jQuery itself would be a fifth of the bundle.
 */
class Held {
  constructor(element) {
    this[0] = element;
    this.length = 1;
  }

  empty() {
    this[0].replaceChildren();
    return this;
  }
}

/** `$(element)`; `instanceof $` tells a holder. */
function $(element) {
  return new Held(element);
}
$.prototype = Held.prototype;

module.exports = $;
