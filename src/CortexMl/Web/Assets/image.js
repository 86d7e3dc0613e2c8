// An image file becomes planes [C, H, W] of bytes. PNG, PGM and PPM are read here, bit for bit as cortexml reads them; of other formats
// the browser's own decoder is asked, whose pixels may differ by a step: isExact says which.

import { isPng, readPng } from './png.js';

/** { shape: [C, H, W], data: Uint8Array, isExact, isTransparent } */
export async function readImage(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isNetPbm(bytes)) return { ...readNetPbm(bytes), isExact: true, isTransparent: false };
  const isOurs = isPng(bytes);
  const { width, height, pixels, isGrey } = isOurs ? await readPng(bytes) : await decoded(file, bytes);
  const isTransparent = layOnWhite(pixels);
  return { ...planes(pixels, width, height, 4, isGrey ? 1 : 3), isExact: isOurs, isTransparent };
}

async function decoded(file, bytes) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file,
      { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' });
  } catch {
    throw new Error('this is no image that the browser reads');
  }
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, pixels: context.getImageData(0, 0, width, height).data, isGrey: isGreyJpeg(bytes) };
}

/** Pixels that are not opaque: (colour · opacity + 255 · (255 - opacity)) / 255, rounded. */
function layOnWhite(pixels) {
  let isTransparent = false;
  for (let i = 0; i < pixels.length; i += 4) {
    const opacity = pixels[i + 3];
    if (opacity === 255) continue;
    isTransparent = true;
    for (let c = i; c < i + 3; c++) pixels[c] = Math.floor((pixels[c] * opacity + 255 * (255 - opacity) + 127) / 255);
  }
  return isTransparent;
}

function planes(pixels, width, height, pixelBytes, channels) {
  const size = width * height, data = new Uint8Array(channels * size);
  for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) data[c * size + i] = pixels[i * pixelBytes + c];
  return { shape: [channels, height, width], data };
}

/** A frame of one component: the only kind of grey image that browsers do not tell. */
function isGreyJpeg(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes[at + 2] * 256 + bytes[at + 3]) {
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes[at + 9] === 1;
  }
  return false;
}

const isNetPbm = bytes => bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36) && [0x20, 0x0a, 0x0d, 0x09].includes(bytes[2]);

function readNetPbm(bytes) {
  let at = 2;
  const number = () => {
    for (; at < bytes.length && (bytes[at] <= 0x20 || bytes[at] === 0x23); at++)
      if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
    let value = 0;
    for (; bytes[at] >= 0x30 && bytes[at] <= 0x39 && value < 100000; at++) value = value * 10 + bytes[at] - 0x30;
    if (value === 0) throw new Error('a number is missing in the head of the image');
    return value;
  };
  const width = number(), height = number(), maximum = number(), channels = bytes[1] === 0x36 ? 3 : 1;
  if (maximum !== 255) throw new Error(`the largest sample value is ${maximum}; only 255 is supported`);
  const pixels = bytes.subarray(++at, at + width * height * channels);
  if (pixels.length < width * height * channels) throw new Error('the image ends before its end: the file was cut off');
  return planes(pixels, width, height, channels, channels);
}

/** Planes of one or three channels as a PGM or PPM file, which cortexml run reads. */
export function writeNetPbm({ shape: [channels, height, width], data }) {
  const head = new TextEncoder().encode(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), size = width * height;
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  for (let i = 0; i < size; i++) for (let c = 0; c < channels; c++) file[head.length + i * channels + c] = data[c * size + i];
  return file;
}
