// Where a person reads in a conversation: at its end, or at the top of a message taller than it.

const NEAR_END = 80; // Pixels: less than this from the end still counts as reading there.

export class Screen {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector(".lines");
    this.top = null; // Where a tall message was put, until the end is shown again.
    this.reading = true; // Whether the person was at the newest before the screen changed its size.
    this.size = "";
    // A new size moves what is seen, which nobody has done.
    const still = () => this.size === `${root.clientWidth} ${root.clientHeight}`;
    root.addEventListener("scroll", () => { if (still()) this.reading = this.follows(); }, { passive: true });
    new ResizeObserver(() => {
      this.size = `${root.clientWidth} ${root.clientHeight}`;
      if (this.reading) this.showNewest();
    }).observe(root);
  }

  // Whether the person reads what came last, and so wants to see what comes next.
  follows() {
    return this.atEnd() || this.rests();
  }

  // Shows the newest: all of it, or its beginning. What a person pressed counts to the message above.
  showNewest() {
    let last = this.list.lastElementChild;
    while (last?.matches(".pressed")) last = last.previousElementSibling;
    if (last?.matches(".line") && last.offsetHeight > this.root.clientHeight) this.showTop(last);
    else this.showEnd();
  }

  // A note of what was pressed does not take a person away from the top of a tall message.
  showNote() {
    if (!this.rests()) this.showEnd();
  }

  showEnd() {
    this.top = null;
    this.root.scrollTop = this.root.scrollHeight;
  }

  showTop(item) {
    const gap = parseFloat(getComputedStyle(this.root).paddingTop);
    // Both stand in the phone; unlike a rectangle, these do not move with the line's animation.
    this.root.scrollTop = item.offsetTop - this.root.offsetTop - gap;
    this.top = this.root.scrollTop;
  }

  rests() {
    return this.top !== null && Math.abs(this.root.scrollTop - this.top) < 2;
  }

  atEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END;
  }
}
