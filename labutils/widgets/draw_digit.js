// Draw a digit and see what goes through the bottleneck: the drawing as MNIST would hold it, its code, what is left.

import {button, choice, codePicture, element, many, pane, picture, row, scaled, squaredError, through, words} from "./live.js"
import {PEN, SIZE, inked, mnistFromDrawing} from "./ink.js"

const SMALLEST = 30 // pixels of the canvas; what is less high and wide than this is a dot
const NOTHING = null

export function start({images, examples, drawings, errors, codes, colors, encoder, decoder}) {
  const canvas = element("canvas", {width: SIZE, height: SIZE, class: "page", role: "img",
    "aria-label": "canvas to draw on, with mouse, pen or finger"})
  const pen = canvas.getContext("2d", {willReadFrequently: true})
  pen.lineWidth = PEN
  pen.lineCap = pen.lineJoin = "round"
  pen.strokeStyle = "white"
  const seen = picture(28, 28), code = codePicture(codes, colors), reconstruction = picture(28, 28)
  const told = words()
  let last = null, waiting = false

  const wipe = () => {
    pen.fillStyle = "black"
    pen.fillRect(0, 0, SIZE, SIZE)
  }

  // Show what the network makes of the drawing as it is now; at most once for each picture of the screen.
  function look() {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      lookNow()
    })
  }

  function lookNow() {
    const pixels = pen.getImageData(0, 0, SIZE, SIZE).data.filter((_, i) => i % 4 === 0)
    const box = inked(pixels)
    if (!box || Math.max(box.bottom - box.top, box.right - box.left) < SMALLEST) {
      seen.show(new Float32Array(784), "nothing")
      code.show(new Float32Array(codes.shape[1]), "a code of zeros")
      reconstruction.show(new Float32Array(784), "nothing")
      told.say(box ? "That is too little ink for a digit: draw it larger, so that it fills most of the canvas."
        : "Nothing is drawn yet. Draw with mouse, pen or finger, or put something on the canvas from the list.")
      return
    }
    const image = scaled(mnistFromDrawing(pixels, box))
    const numbers = through(encoder, image)
    const drawn = through(decoder, numbers)
    const error = squaredError(image, drawn)
    seen.show(image, "the drawing as 28 x 28 pixels")
    code.showCode(numbers)
    reconstruction.show(drawn, `its reconstruction, squared error ${error.toFixed(4)}`)
    told.say(`Squared error ${error.toFixed(4)}: ${rank(error)}.`)
  }

  function rank(error) {
    let better = 0
    while (better < errors.length && errors[better] < error) better++
    const share = better === errors.length ? "all" : `${Math.floor(100 * better / errors.length)} %`
    return `worse than ${share} of the ${many(errors.length)} test images`
  }

  function line(from, to) {
    pen.beginPath()
    pen.moveTo(...from)
    pen.lineTo(to[0] + 0.01, to[1]) // a line of no length at all would leave no dot
    pen.stroke()
  }

  const place = (event) => {
    const {left, top, width, height} = canvas.getBoundingClientRect()
    return [(event.clientX - left) * SIZE / width, (event.clientY - top) * SIZE / height]
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return
    canvas.setPointerCapture(event.pointerId)
    last = place(event)
    example.select.selectedIndex = 0
    line(last, last)
    look()
  })
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const next = place(each)
      line(last, next)
      last = next
    }
    look()
  })
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = null })

  function put(what) {
    if (what === NOTHING) return
    wipe()
    if (typeof what === "number") {
      const shown = new ImageData(28, 28)
      row(images, what).forEach((value, i) => shown.data.set([value, value, value, 255], 4 * i))
      const small = element("canvas", {width: 28, height: 28})
      small.getContext("2d").putImageData(shown, 0, 0)
      pen.imageSmoothingEnabled = false
      pen.drawImage(small, 0, 0, SIZE, SIZE)
    } else {
      for (const points of what) points.slice(1).forEach((point, i) => line(points[i], point))
    }
    look()
  }

  const example = choice("put on the canvas", [["choose", NOTHING], ...examples.map((name, i) => [name, i]),
    ...Object.entries(drawings)], put)
  const clear = button("Clear", () => {
    example.select.selectedIndex = 0
    wipe()
    look()
  })
  wipe()
  lookNow()
  return [
    example,
    element("div", {class: "board"}, element("div", {}, canvas, clear), element("div", {},
      pane("as the network sees it", seen), pane("code", code), pane("reconstruction", reconstruction))),
    told,
  ]
}
