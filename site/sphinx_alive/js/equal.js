/** Deep equality: Underscore, which is here anyway, has the same as lodash. */
export { isEqual as default } from "underscore/modules/index.js";
