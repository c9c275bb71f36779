import { describe, expect, it } from '@jest/globals';
import { Fft } from './fft.js';

describe('fft', () => {
  const random = Float64Array.from({ length: 64 }, (_, i) => Math.sin(i * i * 1.7));

  it('inverts itself, times its size', () => {
    const fft = new Fft(64);
    const [re, im] = [random.slice(), random.slice().reverse()];
    fft.forward(re, im);
    fft.inverse(re, im);
    re.forEach((x, i) => expect(x / 64).toBeCloseTo(random[i]!, 10));
    im.forEach((x, i) => expect(x / 64).toBeCloseTo(random[63 - i]!, 10));
  });

  it('turns correlation into a product', () => {
    const fft = new Fft(64);
    const [re, im] = [random.slice(), new Float64Array(64)];
    const [templateRe, templateIm] = [new Float64Array(64), new Float64Array(64)];
    templateRe.set(random.subarray(20, 30));
    fft.forward(re, im);
    fft.forward(templateRe, templateIm);
    const productRe = re.map((x, k) => x * templateRe[k]! + im[k]! * templateIm[k]!);
    const productIm = im.map((x, k) => x * templateRe[k]! - re[k]! * templateIm[k]!);
    fft.inverse(productRe, productIm);
    const direct = random.subarray(20, 30).reduce((sum, x) => sum + x * x, 0);
    expect(productRe[20]! / 64).toBeCloseTo(direct, 10);
  });

  it('refuses other sizes', () => {
    expect(() => new Fft(48)).toThrow('power of two');
  });
});
