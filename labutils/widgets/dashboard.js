// A training to look back on, epoch by epoch: its curve against the loss ladder, the units of the code, and how
// reconstructions form. While it still runs, each epoch is added as soon as Python tells of it.

import {button, element, picture, row, slider, text, unpack, words} from "./live.js"

const BLUE = "#0072B2", RED = "#D55E00"
const WIDEST = 800, NARROWEST = 300 // pixels of a drawing
const LEFT = 60, NAMES = 160, TOP = 26, BOTTOM = 220 // room left of the axes and right of them; their upper and lower end
const SIGNS = {training: [BLUE, circle], test: [RED, square]} // told apart without colour, too
const QUICKEST = 80, SLOWEST = 500, PLAYED = 8000 // milliseconds for an epoch, and for all, when they are played

// `story` has the ladder, how many epochs there will be, the losses after each until now, and of some epochs a moment:
// {epoch, told, outputs} and, where there is a code, {spread, dead}. `channel` is where more will come from, if any.
export function start({images, channel, ...story}) {
  const moments = [] // by epoch; not all need be known
  const curve = drawing(), units = drawing(), told = words()
  const pairs = picture(57, 29 * images.shape[0] - 1)
  pairs.removeAttribute("style")
  let width = WIDEST, playing = 0

  function show() {
    let shown = Math.min(epoch.input.valueAsNumber, moments.length - 1)
    while (!moments[shown]) shown--
    const moment = moments[shown]
    drawCurve(curve, width, story, moment)
    if (moment.spread) drawUnits(units, width, moment)
    showPairs(pairs, images, moment)
    told.say(`${moment.told[0].toUpperCase()}${moment.told.slice(1)}. Above, test digits; below, their reconstructions.`)
  }

  function take(more) {
    const follows = epoch.input.valueAsNumber >= moments.length - 1 // else one has gone back, and stays there
    story = more
    for (const moment of story.moments) moments[moment.epoch] = moment
    epoch.input.max = story.epochs
    if (follows) epoch.set(moments.length - 1)
    show()
  }

  const epoch = slider("Epoch", {value: 0, min: 0, max: story.epochs}, () => {
    halt()
    show()
  })
  const play = button("Play", () => {
    const last = moments.length - 1
    if (playing) return halt()
    if (epoch.input.valueAsNumber >= last) epoch.set(0)
    play.textContent = "Hold"
    told.setAttribute("aria-live", "off")
    const pace = Math.min(Math.max(PLAYED / last, QUICKEST), SLOWEST)
    playing = setInterval(() => {
      epoch.set(Math.min(epoch.input.valueAsNumber + Math.ceil(last * QUICKEST / PLAYED), last))
      if (epoch.input.valueAsNumber === last || !play.isConnected) halt()
      show()
    }, pace)
  })
  function halt() {
    clearInterval(playing)
    playing = 0
    play.textContent = "Play"
    told.setAttribute("aria-live", "polite")
  }

  take(story)
  if (channel) {
    told.setAttribute("aria-live", "off") // Python's words beside the buttons say it
    listen(channel, take)
  }
  const board = element("div", {}, curve, ...(moments[0].spread ? [units] : []), told, pairs)
  new ResizeObserver(([{contentRect}]) => {
    if (!contentRect.width) return
    width = Math.min(Math.max(contentRect.width, NARROWEST), WIDEST)
    show()
  }).observe(board)
  return [element("div", {class: "row"}, epoch, ...(channel ? [] : [play])), board]
}

// Each epoch comes into the page as an element that carries it, unseen, within a widget of Python's.
function listen(channel, take) {
  const carrier = `[data-labutils-news="${channel}"]`
  let taken = Promise.resolve() // in the order in which they come
  const look = (node) => {
    if (!node.matches) return
    for (const {dataset} of node.matches(carrier) ? [node] : node.querySelectorAll(carrier)) {
      taken = taken.then(() => unpack(dataset.packed)).then((story) => {
        take(story)
        if (story.over) observer.disconnect()
      })
    }
  }
  const observer = new MutationObserver((changes) => changes.forEach(({addedNodes}) => addedNodes.forEach(look)))
  observer.observe(document.body, {childList: true, subtree: true})
  look(document.body)
}

// ----- drawings -----

const drawing = () => element("svg", {role: "img"})

function redraw(drawn, width, height, words, parts) {
  drawn.setAttribute("viewBox", `0 0 ${width} ${height}`)
  drawn.setAttribute("aria-label", words)
  drawn.replaceChildren(...parts)
}

// The learning curve until now, with the rungs of the ladder, and what is left to the floor after the epoch shown.
function drawCurve(drawn, width, {ladder, epochs, losses}, {epoch: shown}) {
  const right = width - NAMES, isWide = width > 500
  const values = Object.values(losses).flat()
  const lowest = Math.min(ladder.floor, ...values)
  const highest = Math.max(ladder.PCA, ...(values.length ? values : [ladder["mean image"]]))
  const pad = 0.06 * (highest - lowest), low = lowest - pad, high = highest + pad
  const x = (epoch) => LEFT + (right - LEFT) * (epoch - 0.5) / epochs
  const y = (loss) => BOTTOM + (TOP - BOTTOM) * (loss - low) / (high - low)
  const rungs = Object.entries(ladder), near = rungs.filter(([, loss]) => loss <= high)
  const far = rungs.filter(([, loss]) => loss > high).map(([rung, loss]) => `${rung} ${loss.toFixed(3)}`)

  const parts = [axis(LEFT, BOTTOM, right, BOTTOM), axis(LEFT, TOP, LEFT, BOTTOM)]
  parts.push(text(0, 14, `cross-entropy, nats per pixel${isWide && far.length ? `; higher up: ${far.join(", ")}` : ""}`, "start"))
  parts.push(text((LEFT + right) / 2, BOTTOM + 36, "epoch"))
  for (const loss of ticks(low, high, 5)) {
    parts.push(axis(LEFT - 4, y(loss), LEFT, y(loss)), text(LEFT - 7, y(loss) + 4, loss, "end"))
  }
  for (const epoch of ticks(1, epochs, (right - LEFT) / 40, 1)) parts.push(text(x(epoch), BOTTOM + 17, epoch))
  for (const [rung, loss] of near) parts.push(axis(LEFT, y(loss), right, y(loss), rung === "floor" ? "" : "stroke-dasharray: 6 4"))
  const names = near.map(([rung, loss]) => [y(loss), `${rung} ${loss.toFixed(4)}`, null])
  for (const [name, points] of Object.entries(losses)) {
    const [color, sign] = SIGNS[name]
    const places = points.map((loss, i) => [x(i + 1), y(loss)])
    if (places.length > 1) parts.push(line(places, `fill: none; stroke: ${color}; stroke-width: 2`))
    if (places.length <= 30) parts.push(...places.map(([cx, cy]) => sign(cx, cy, color)))
    if (points.length) names.push([places.at(-1)[1], `${name} ${points.at(-1).toFixed(4)}`, SIGNS[name]])
  }
  const last = losses.test ?? losses.training
  if (shown) parts.push(...excess(x(shown), y(last[shown - 1]), y(ladder.floor),
    `${(last[shown - 1] - ladder.floor).toFixed(4)}${isWide ? " above the floor" : ""}`, x(shown) > (LEFT + right) / 2))
  parts.push(...named(names, right))
  const told = Object.entries(losses).map(([name, points]) => points.length
    ? `; ${name} loss from ${points[0].toFixed(4)} to ${points.at(-1).toFixed(4)}` : "")
  redraw(drawn, width, BOTTOM + 44, `Learning curve after ${last?.length ?? 0} of ${epochs} epochs${told.join("")}. `
    + `The loss ladder: ${rungs.map(([rung, loss]) => `${rung} ${loss.toFixed(4)}`).join(", ")}.`, parts)
}

// What is left between the curve and the floor after an epoch.
function excess(x, loss, floor, words, isRight) {
  const height = floor - loss > 24 ? floor - 7 : loss - 13 // where the curves leave room
  const halo = "paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round"
  return [
    line([[x, loss], [x, floor]], "stroke: var(--ink); stroke-width: 2"),
    element("circle", {cx: x, cy: loss, r: 7, style: "fill: none; stroke: var(--ink); stroke-width: 2"}),
    text(x + (isRight ? -8 : 8), height, words, isRight ? "end" : "start", halo),
  ]
}

// Names [height, words, sign] right of the axes at their heights, moved apart where they would overlap.
function named(names, right) {
  names.sort(([a], [b]) => a - b)
  const places = names.map(([height]) => height)
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + 15)
  places.push(BOTTOM + 23)
  for (let i = names.length - 1; i >= 0; i--) places[i] = Math.min(places[i], places[i + 1] - 15)
  return names.flatMap(([, words, sign], i) => [
    text(right + 23, places[i] + 4, words, "start"), ...(sign ? [sign[1](right + 13, places[i], sign[0])] : []),
  ])
}

// How far each unit of the code moves from image to image, as bars; dead units are crosses.
function drawUnits(drawn, width, {spread, dead}) {
  const right = width - NAMES, step = (right - LEFT) / spread.length
  const highest = Math.max(...spread), gone = [...dead.keys()].filter((unit) => dead[unit])
  const parts = [axis(LEFT, 40, right, 40)]
  const notes = [[0, "units of", "the code"], [right + 9, `${gone.length} of ${dead.length}`, "units dead"]]
  for (const [x, upper, lower] of notes) parts.push(text(x, 24, upper, "start"), text(x, 39, lower, "start"))
  spread.forEach((value, unit) => {
    const left = LEFT + unit * step, a = left + step / 2 - 4, b = a + 8, height = 30 * value / (highest || 1)
    parts.push(dead[unit]
      ? element("path", {d: `M${a} 30L${b} 38M${a} 38L${b} 30`, style: `stroke: ${RED}; stroke-width: 2.5`})
      : element("rect", {x: left + 0.12 * step, y: 40 - height, width: 0.76 * step, height, style: `fill: ${BLUE}`}))
  })
  const which = gone.length ? ` (${gone.join(", ")})` : ""
  const alive = gone.length < dead.length ? `; the others have standard deviations up to ${highest.toFixed(2)}` : ""
  redraw(drawn, width, 46, `Units of the code: ${gone.length} of ${dead.length} dead${which}${alive}.`, parts)
}

// Images, and below them their reconstructions, with a thin line between any two.
function showPairs(canvas, images, {epoch, outputs}) {
  const count = images.shape[0], columns = 29 * count - 1
  const values = new Float32Array(57 * columns).fill(0.5)
  let error = 0
  ;[images, outputs].forEach((rows, below) => {
    for (let n = 0; n < count; n++) {
      row(rows, n).forEach((level, i) => {
        values[(29 * below + Math.floor(i / 28)) * columns + 29 * n + i % 28] = level / 255
      })
    }
  })
  images.forEach((level, i) => { error += ((level - outputs[i]) / 255) ** 2 / images.length })
  canvas.show(values, `${count} test digits and their reconstructions ${epoch ? `after epoch ${epoch}` : "before training"}, `
    + `mean squared error ${error.toFixed(4)}.`)
}

// Round numbers within limits, about so many, and no closer to each other than `least`.
function ticks(low, high, count, least = 0) {
  const rough = Math.max((high - low) / count, least), power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999)
  const first = Math.ceil(low / step), ticks = Math.floor(high / step) - first + 1
  return Array.from({length: ticks}, (_, i) => Number(((first + i) * step).toPrecision(4)))
}

function line(places, style) {
  return element("path", {d: `M${places.map((place) => place.map((at) => at.toFixed(1)).join(" ")).join("L")}`, style})
}

function axis(x1, y1, x2, y2, style = "") {
  return line([[x1, y1], [x2, y2]], `stroke: var(--ink); stroke-opacity: 0.65; ${style}`)
}

function circle(cx, cy, color) {
  return element("circle", {cx, cy, r: 3.5, style: `fill: ${color}`})
}

function square(x, y, color) {
  return element("rect", {x: x - 3, y: y - 3, width: 6, height: 6, style: `fill: ${color}`})
}
