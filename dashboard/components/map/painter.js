// Draws points with WebGL2: round and smooth, in the order given. Survives a lost context.

const CHOSEN = 1; // flags of a point
const MARKED = 2;
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i; // names of renderers

const VERTEX = `#version 300 es
in vec2 place;
in uint code, flags;
uniform vec2 scale, shift;
uniform float size, dimmed;
uniform vec4 muted, ink;
uniform sampler2D palette;
flat out vec4 fill, edge;
flat out float radius;
void main() {
  bool chosen = (flags & 1u) != 0u, marked = (flags & 2u) != 0u;
  gl_Position = vec4(place * scale + shift, 0, 1);
  fill = texelFetch(palette, ivec2(code, 0), 0);
  if (dimmed > 0. && !chosen) fill = muted;
  edge = marked && !(dimmed > 0. && !chosen) ? ink : vec4(0);
  radius = size * (marked ? 1.35 : code == 255u ? .88 : 1.) + (marked ? 1.5 : 0.);
  gl_PointSize = 2. * radius + 2.;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 fill, edge;
flat in float radius;
uniform float opacity, line;
out vec4 colour;
void main() {
  float distance = length(gl_PointCoord - .5) * (2. * radius + 2.);
  float covered = clamp(radius - distance + .5, 0., 1.);
  if (covered <= 0.) discard;
  float rim = edge.a * clamp(distance - (radius - line) + .5, 0., 1.);
  vec4 paint = mix(vec4(fill.rgb, fill.a * (edge.a > 0. ? 1. : opacity)), edge, rim);
  float alpha = paint.a * covered;
  colour = vec4(paint.rgb * alpha, alpha);
}`;

class Painter {
  // `redraw` is called when a lost context is back and everything stands ready again.
  constructor(canvas, gl, redraw) {
    this.canvas = canvas;
    this.gl = gl;
    this.data = {}; // what was uploaded, to upload it again
    const { UNMASKED_RENDERER_WEBGL } = this.gl.getExtension("WEBGL_debug_renderer_info") ?? {};
    this.slow = SOFTWARE.test(this.gl.getParameter(UNMASKED_RENDERER_WEBGL ?? this.gl.RENDERER)); // no graphics card
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.build();
      redraw();
    });
    this.build();
  }

  // A Painter where the browser has WebGL2, else a Stamper.
  static for(canvas, redraw) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, premultipliedAlpha: true });
    return gl ? new Painter(canvas, gl, redraw) : new Stamper(canvas);
  }

  build() {
    const gl = this.gl;
    this.program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    gl.useProgram(this.program);
    gl.bindVertexArray(gl.createVertexArray());
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.places = {};
    this.buffers = { points: gl.createBuffer(), codes: gl.createBuffer(), flags: gl.createBuffer(), order: gl.createBuffer() };
    this.texture = gl.createTexture();
    for (const [name, values] of Object.entries(this.data)) this[name](values);
  }

  points(values) {
    this.upload("points", values);
    this.attribute("place", () => this.gl.vertexAttribPointer(this.gl.getAttribLocation(this.program, "place"), 2, this.gl.FLOAT, false, 0, 0));
  }

  codes(values) {
    this.upload("codes", values);
    this.attribute("code", (at) => this.gl.vertexAttribIPointer(at, 1, this.gl.UNSIGNED_BYTE, 0, 0));
  }

  flags(values) {
    this.upload("flags", values);
    this.attribute("flags", (at) => this.gl.vertexAttribIPointer(at, 1, this.gl.UNSIGNED_BYTE, 0, 0));
  }

  // The rows in the order in which they are drawn.
  order(values) {
    this.upload("order", values, this.gl.ELEMENT_ARRAY_BUFFER);
  }

  palette(values) {
    const gl = this.gl;
    this.data.palette = values;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, values);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  upload(name, values, target = this.gl.ARRAY_BUFFER) {
    this.data[name] = values;
    this.gl.bindBuffer(target, this.buffers[name]);
    this.gl.bufferData(target, values, this.gl.DYNAMIC_DRAW);
  }

  attribute(name, describe) {
    const at = this.gl.getAttribLocation(this.program, name);
    this.gl.enableVertexAttribArray(at);
    describe(at);
  }

  // Draw `spans` = [[from, to], …] of the order. `look` = {ratio, size, opacity, dimmed, muted, ink}; sizes in CSS pixels,
  // colours as four shares of one.
  draw(camera, look, spans) {
    const gl = this.gl;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.data.order?.length || !this.data.codes || !this.data.points) return;
    const scale = [(2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height];
    gl.uniform2f(this.place("scale"), ...scale);
    gl.uniform2f(this.place("shift"), -camera.x * scale[0], 1 - (2 * camera.middle[1]) / camera.height - camera.y * scale[1]);
    gl.uniform1f(this.place("size"), look.size * look.ratio);
    gl.uniform1f(this.place("line"), Math.max(1, 1.25 * look.ratio));
    gl.uniform1f(this.place("opacity"), look.opacity);
    gl.uniform1f(this.place("dimmed"), look.dimmed ? 1 : 0);
    gl.uniform4f(this.place("muted"), ...look.muted);
    gl.uniform4f(this.place("ink"), ...look.ink);
    for (const [from, to] of spans) gl.drawElements(gl.POINTS, to - from, gl.UNSIGNED_INT, 4 * from);
  }

  place(name) {
    return (this.places[name] ??= this.gl.getUniformLocation(this.program, name));
  }

  // Give the graphics memory back at once; a page may hold few contexts.
  close() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
