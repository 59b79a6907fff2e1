// What all interactives share: unpacking their data, controls with names, pictures, networks, and whose keys are whose.

// ----- data -----

// What labutils.widgets.live.pack packed: JSON in which {"$": [type, shape, offset]} stands for an array.
export async function unpack(base64) {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))
  const bytes = await new Response(stream).arrayBuffer()
  const length = new DataView(bytes).getUint32(0, true)
  const text = new TextDecoder().decode(new Uint8Array(bytes, 4, length))
  return JSON.parse(text, (_, value) => (value && value.$ ? array(bytes, 4 + length, ...value.$) : value))
}

function array(bytes, start, type, shape, offset) {
  const count = shape.reduce((product, size) => product * size, 1)
  const size = type === "float16" ? 2 : 1
  const slice = bytes.slice(start + offset, start + offset + count * size)
  const values = type === "float16" ? Float32Array.from(new Uint16Array(slice), fromHalf) : new Uint8Array(slice)
  return Object.assign(values, {shape})
}

function fromHalf(half) {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -14 * (fraction / 1024)
}

// Row number `index` of an array with two or more axes.
export function row(values, index) {
  const size = values.length / values.shape[0]
  return values.subarray(index * size, (index + 1) * size)
}

// Bytes as shares of white, 0..1.
export function scaled(bytes) {
  return Float32Array.from(bytes, (value) => value / 255)
}

// Random numbers in 0..1 that are the same for the same seed (mulberry32).
export function random(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

// ----- networks -----

const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
}

// What dense layers make of a vector; each is {kernel (inputs, units), bias (units), activation}.
export function through(layers, vector) {
  for (const {kernel, bias, activation} of layers) {
    const units = bias.length
    const sums = Float32Array.from(bias)
    for (let input = 0; input < vector.length; input++) {
      const value = vector[input]
      if (value === 0) continue
      const start = input * units
      for (let unit = 0; unit < units; unit++) sums[unit] += value * kernel[start + unit]
    }
    vector = sums.map(ACTIVATIONS[activation])
  }
  return vector
}

// A number with commas, such as 10,000.
export const many = (count) => count.toLocaleString("en")

export function squaredError(one, other) {
  let sum = 0
  for (let i = 0; i < one.length; i++) sum += (one[i] - other[i]) ** 2
  return sum / one.length
}

// ----- elements -----

// An element with properties (style as text, on... as listeners, aria-... and others as attributes) and children.
export function element(tag, properties = {}, ...children) {
  const made = tag === "svg" || SVG.has(tag) ? document.createElementNS(SVG_SPACE, tag) : document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value)
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

const SVG_SPACE = "http://www.w3.org/2000/svg"
const SVG = new Set(["svg", "path", "text", "circle", "rect", "line", "g"])

// Words in a drawing; their foot is at y.
export function text(x, y, words, anchor = "middle", style = "") {
  return element("text", {x, y, "text-anchor": anchor, style}, String(words))
}

let controls = 0

// A slider with its name before it and its value behind; `moved` is called with the number whenever it changes.
export function slider(name, {value, min, max, step = 1, digits = step < 1 ? 2 : 0}, moved) {
  const id = `labutils-control-${++controls}`
  const shown = element("span", {class: "value", "aria-hidden": "true"}, value.toFixed(digits)) // the slider says it too
  const input = element("input", {id, type: "range", min, max, step, value, oninput: () => {
    shown.textContent = input.valueAsNumber.toFixed(digits)
    moved(input.valueAsNumber)
  }})
  const made = element("div", {class: "slider"}, element("label", {for: id}, name), input, shown)
  return Object.assign(made, {
    input,
    set(number) {
      input.value = number
      shown.textContent = input.valueAsNumber.toFixed(digits)
    },
  })
}

// A whole number to type or step through; `moved` is called with it whenever it is one that is allowed. What is not is
// taken back as soon as one is done with it.
export function number(name, {value, min, max}, moved) {
  const id = `labutils-control-${++controls}`
  const allowed = () => Number.isInteger(input.valueAsNumber) && input.checkValidity()
  const input = element("input", {id, type: "number", min, max, value,
    oninput: () => { if (allowed()) moved(value = input.valueAsNumber) },
    onchange: () => { if (!allowed()) input.value = value },
  })
  const made = element("div", {class: "choice"}, element("label", {for: id}, name), input)
  return Object.assign(made, {input, set(number) { if (input.valueAsNumber !== number) input.value = number; value = number }})
}

// A choice of named values: `options` is an array of [name, value]; `chosen` is called with the value.
export function choice(name, options, chosen) {
  const id = `labutils-control-${++controls}`
  const select = element("select", {id, onchange: () => chosen(options[select.selectedIndex][1])})
  select.append(...options.map(([words]) => element("option", {}, words)))
  return Object.assign(element("div", {class: "choice"}, element("label", {for: id}, name), select), {select})
}

export function button(name, clicked) {
  return element("button", {type: "button", onclick: clicked}, name)
}

// A paragraph that a screen reader says when it changes: say(text).
export function words() {
  const made = element("p", {role: "status", "aria-live": "polite"})
  return Object.assign(made, {say: (text) => { if (made.textContent !== text) made.textContent = text }})
}

// A picture of numbers, rows by columns, each number a square: show(values, words), with words for those who cannot
// see it. `colors` are 256 colours, a Uint8Array (256, 3), from the lowest to the highest of the limits.
export function picture(rows, columns, {colors = null, limits = [0, 1], zoom = 5} = {}) {
  const canvas = element("canvas", {width: columns, height: rows, role: "img", class: "picture",
    style: `width: ${columns * zoom}px; height: ${rows * zoom}px`})
  const context = canvas.getContext("2d")
  const pixels = context.createImageData(columns, rows)
  const [low, high] = limits
  canvas.show = (values, told) => {
    for (let i = 0; i < values.length; i++) {
      const level = Math.round(Math.min(Math.max((values[i] - low) / (high - low || 1), 0), 1) * 255)
      for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = colors ? colors[3 * level + c] : level
      pixels.data[4 * i + 3] = 255
    }
    context.putImageData(pixels, 0, 0)
    canvas.setAttribute("aria-label", told)
  }
  return canvas
}

// The numbers of a code as a picture, as near to a square as divides them, such as 4 x 8; coloured within the limits of
// `codes`, an array (n, units).
export function codePicture(codes, colors) {
  const units = codes.shape[1]
  let rows = Math.floor(Math.sqrt(units))
  while (units % rows) rows--
  const limits = [codes.reduce((low, value) => Math.min(low, value), 0), codes.reduce((high, value) => Math.max(high, value))]
  const canvas = picture(rows, units / rows, {colors, limits, zoom: 17})
  canvas.showCode = (code) => {
    const low = Math.min(...code).toFixed(1), high = Math.max(...code).toFixed(1)
    const some = code.filter((value) => value).length
    canvas.show(code, `a code of ${units} numbers, ${low} to ${high}, ${some} of them not 0`)
  }
  return canvas
}

// A picture under its caption.
export function pane(caption, canvas) {
  return element("figure", {}, element("figcaption", {}, caption), canvas)
}

// ----- bringing to life -----

// Turns the static twins of this output into the living thing. `start` gets the data and returns what is to be shown.
export async function live(id, packed, start) {
  const waiting = [...document.querySelectorAll(`[data-labutils="${id}"]:not([data-alive])`)]
  if (!waiting.length) return
  for (const root of waiting) root.dataset.alive = "yes"
  const data = await unpack(packed)
  keepKeys()
  for (const root of waiting) {
    root.append(...[start(data)].flat())
    for (const twin of root.querySelectorAll(":scope > img.twin")) twin.remove()
  }
}

// JupyterLab and Notebook take arrows and letters for their own shortcuts while they come down to the element that has
// the focus. Those meant for a control of ours are kept from them; the browser still does with them what it always does.
function keepKeys() {
  if (window.labutilsKeepsKeys) return
  window.labutilsKeepsKeys = true
  window.addEventListener("keydown", (event) => {
    const isOurs = event.target.closest && event.target.closest("[data-labutils]")
    const isForAll = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape"
    if (!isOurs || isForAll || (event.shiftKey && event.key === "Enter")) return
    event.stopImmediatePropagation()
    event.target.dispatchEvent(new CustomEvent("labutils-key", {detail: event, bubbles: true}))
  }, true)
}
