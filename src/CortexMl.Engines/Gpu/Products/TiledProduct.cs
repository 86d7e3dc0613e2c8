using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>
/// A product in tiles: a group of threads computes <c>channels × pixels</c> results, each thread 4 × 4 of them in registers. Step by step
/// the group brings 8 terms of its weights and of its data into shared memory, where every number is read by many threads.
/// </summary>
internal static class TiledProduct
{
    private const int Own = ValueLayout.Lanes, Step = 8, Unrolled = 4, MostChannels = 64, MostPixels = 64,
    FewestChannels = 16, FewestPixels = 32;

    /// <summary>Threads of the largest tile.</summary>
    public const int MostThreads = MostChannels / Own * (MostPixels / Own);

    /// <summary>Whether there is enough to share.</summary>
    public static bool Fits(ProductShape shape) => shape.Channels >= FewestChannels && shape.Pixels >= FewestPixels;

    public static LaunchStep Write(GroupWriter writer, ProductShape shape)
    {
        int channels = shape.Channels > 32 ? MostChannels : shape.Channels > 16 ? 32 : FewestChannels;
        int pixels = shape.Pixels >= MostPixels ? MostPixels : FewestPixels;
        return new Writer(writer, shape, channels, pixels).Write();
    }

    private sealed class Writer(GroupWriter writer, ProductShape shape, int channels, int pixels)
    {
        private readonly KernelBuilder _k = writer.Kernel;
        private readonly ProductOperands _operands = new(writer, shape);
        private readonly ProductResult _result = new(writer, shape);

        private int Across => pixels / Own;

        private int Threads => channels / Own * Across;

        private int Tiles => (shape.Channels + channels - 1) / channels;

        public LaunchStep Write()
        {
            var weights = _operands.Weights(channels, Step);
            int groups = Tiles * ((shape.Pixels + pixels - 1) / pixels), terms = weights.Length / (Tiles * channels);
            var (w, x) = (_k.Shared("ws", weights.Element, Step * channels), _k.Shared("xs", KernelElement.I32, Step * pixels));
            Expr tile = _k.Once("tile", _k.Group % Tiles), firstPixel = _k.Once("first", _k.Group / Tiles * pixels);
            Expr across = _k.Let("across", _k.Lane % Across), down = _k.Let("down", _k.Lane / Across * Own);

            var load = Loader(x, firstPixel);
            LocalExpr[][] sums =
                [.. Enumerable.Range(0, Own).Select(_ => Enumerable.Range(0, Own).Select(_ => _k.Let("sum", 0)).ToArray())];
            EveryStep((start, term) =>
            {
                for (int i = 0; i < Step * channels / Threads; i++)
                {
                    Expr at = _k.Once("at", _k.Lane + (i * Threads));
                    _k.Store(w, at, weights[(((tile * terms) + start) * channels) + at]);
                }
                load(term);
                _k.Barrier();
                _k.For("s", 0, Step, s => Multiply(s, w, x, across, down, sums), Unrolled);
                _k.Barrier();
            });
            Expr first = _k.Once("o", (tile * channels) + down);
            for (int j = 0; j < Own; j++)
            {
                Expr pixel = _k.Let("pixel", firstPixel + across + (j * Across));
                int column = j;
                _k.If(shape.Pixels % pixels == 0 ? 1 : pixel < shape.Pixels,
                    () =>
                        _result.Store(
                            _result.Pixel(pixel), first, [.. sums.Select(row => row[column])], mayExceed: shape.Channels % channels != 0));
            }
            return writer.Build(new LaunchShape(groups, Threads));
        }

        // first: number of the step's first term; term(i): tap and word of its i-th, which may lie beyond the last term.
        private void EveryStep(Action<Expr, Func<Expr, (Expr U, Expr V, Expr Word, Expr Exists)>> body)
        {
            int words = _operands.Words, width = (int)shape.Window.Columns.Kernel;
            if (words % Step == 0)
            {
                _k.For("u", 0, (int)shape.Window.Rows.Kernel, u => _k.For("v", 0, width, v => _k.For("c", 0, words,
                    c => body(_k.Once("t", (((u * width) + v) * words) + c), i => (u, v, c + i, 1)), Step)));
                return;
            }
            _k.For("t", 0, _operands.Terms, t => body(t, i =>
            {
                Expr term = _k.Once("term", t + i), tap = shape.Taps == 1 ? 0 : _k.Once("tap", term / words);
                Expr exists = _operands.Terms % Step == 0 ? 1 : term < _operands.Terms;
                return (tap / width, tap % width, shape.Taps == 1 ? term : term % words, exists);
            }), Step);
        }

        // Every thread brings data of one pixel, of terms that lie Threads / pixels apart.
        private Action<Func<Expr, (Expr U, Expr V, Expr Word, Expr Exists)>> Loader(SharedArray x, Expr firstPixel)
        {
            Expr pixel = _k.Let("p", firstPixel + (_k.Lane % pixels)),
            isPixel = shape.Pixels % pixels == 0 ? 1 : _k.Let("valid", pixel < shape.Pixels);
            var (n, row, column) = _result.Pixel(pixel);
            var (top, left) = (_k.Once("top", WindowExpressions.Start(shape.Window.Rows, row)),
                _k.Once("left", WindowExpressions.Start(shape.Window.Columns, column)));
            Expr lane = _k.Let("own", _k.Lane / pixels);
            return term =>
            {
                for (int s = 0; s < Step; s += Threads / pixels)
                {
                    var (u, v, word, exists) = term(lane + s);
                    Expr i = _k.Once("i", WindowExpressions.Tap(shape.Window.Rows, top, u));
                    Expr j = _k.Once("j", WindowExpressions.Tap(shape.Window.Columns, left, v));
                    Expr inside = shape.IsInside(i, j);
                    _k.Store(x, ((lane + s) * pixels) + (_k.Lane % pixels),
                        (isPixel & exists & inside).Select(_operands.Data(n, word, i, j), 0));
                }
            };
        }

        private void Multiply(Expr step, SharedArray w, SharedArray x, Expr across, Expr down, LocalExpr[][] sums)
        {
            LocalExpr[][] ws = [.. Enumerable.Range(0, Unrolled)
                .Select(s => Enumerable.Range(0, Own).Select(i => _k.Let("w", w[((step + s) * channels) + down + i])).ToArray())];
            LocalExpr[][] xs = [.. Enumerable.Range(0, Unrolled)
                .Select(s =>
                Enumerable.Range(0, Own).Select(j => _k.Let("x", x[((step + s) * pixels) + across + (j * Across)])).ToArray())];
            for (int i = 0; i < Own; i++)
                for (int j = 0; j < Own; j++)
                    _k.Assign(sums[i][j], _operands.MultiplyAdd([.. xs.Select(row => row[j])], [.. ws.Select(row => row[i])], sums[i][j]));
        }
    }
}
