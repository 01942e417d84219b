/**
 * What part of a drawing is seen: moved by dragging, wheel, fingers and keys.
 *
 * @module
 */

/** Place and size of what is seen. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const MIN_ZOOM = 0.05;
const MAX_ZOOM = 4;
/** Pointers that moved less than this have clicked. */
const CLICK_DISTANCE = 4;

/** Watches an element and tells what is seen after each change. */
export class Camera {
  #view: View = { x: 0, y: 0, zoom: 1 };
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #moved = 0;

  constructor(private readonly area: SVGSVGElement, private readonly onChange: () => void) {
    area.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.#pointers.size === 1) this.#moved = 0;
    });
    area.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      area.addEventListener(type, (event) => this.#pointers.delete(event.pointerId));
    }
    area.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY / 500), event.clientX, event.clientY);
    }, { passive: false });
    area.addEventListener("keydown", (event) => this.#key(event));
    // A drag that ends over a node has not clicked it.
    area.addEventListener("click", (event) => {
      if (this.#moved > CLICK_DISTANCE) event.stopPropagation();
    }, { capture: true });
  }

  /** What is seen. */
  get view(): View {
    return this.#view;
  }

  /** Shows this. */
  set(view: View): void {
    this.#view = { ...view, zoom: Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, view.zoom)) };
    this.onChange();
  }

  /** Shows a rectangle as large as it fits, but not larger than it is. */
  fit({ x, y, width, height }: Box): void {
    const { clientWidth, clientHeight } = this.area;
    const room = 0.86;
    const zoom = Math.min(1, room * clientWidth / width, room * clientHeight / height);
    this.set({
      x: clientWidth / 2 - (x + width / 2) * zoom,
      y: clientHeight / 2 - (y + height / 2) * zoom,
      zoom,
    });
  }

  /** Zooms around a place of the window, the middle by default. */
  zoomBy(factor: number, clientX?: number, clientY?: number): void {
    const box = this.area.getBoundingClientRect();
    const [px, py] = [
      (clientX ?? box.left + box.width / 2) - box.left,
      (clientY ?? box.top + box.height / 2) - box.top,
    ];
    const { x, y, zoom } = this.#view;
    const next = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom * factor));
    const scale = next / zoom;
    this.set({ x: px - (px - x) * scale, y: py - (py - y) * scale, zoom: next });
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    const now = { x: event.clientX, y: event.clientY };
    this.#pointers.set(event.pointerId, now);
    this.#moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (this.#moved > CLICK_DISTANCE) this.area.setPointerCapture(event.pointerId);
    const [, other] = others[0] ?? [];
    if (other) {
      const distance = (point: { x: number; y: number }) =>
        Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      return this.zoomBy(distance(now) / distance(before), other.x, other.y);
    }
    const { x, y, zoom } = this.#view;
    this.set({ x: x + now.x - before.x, y: y + now.y - before.y, zoom });
  }

  #key(event: KeyboardEvent): void {
    const { x, y, zoom } = this.#view;
    const step = 60;
    const moves: Readonly<Record<string, View>> = {
      ArrowLeft: { x: x + step, y, zoom },
      ArrowRight: { x: x - step, y, zoom },
      ArrowUp: { x, y: y + step, zoom },
      ArrowDown: { x, y: y - step, zoom },
    };
    const move = moves[event.key];
    if (move) this.set(move);
    else if (event.key === "+") this.zoomBy(1.25);
    else if (event.key === "-") this.zoomBy(0.8);
    else return;
    event.preventDefault();
  }
}
