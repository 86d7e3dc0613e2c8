using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>A kernel of some form on random numbers: two tiles of pixels, one column of channels; and what it has to compute.</summary>
internal sealed unsafe class KernelCase
{
    private const int Tiles = 2, PlaceBytes = 128, LaneBytes = sizeof(int);

    /// <summary>Of all tables together, in which any index of a form lies.</summary>
    public const int LookupBytes = 1 << 12;

    private readonly CodeForm _form;
    private readonly int _pixels;

    /// <summary>How many groups of one, two, … steps a product has.</summary>
    private readonly int[] _groups;
    private readonly Pinned<byte> _data, _weights, _other, _result;
    private readonly Pinned<int> _dataAt, _starts, _resultAt, _otherAt, _steps, _windows, _tables;
    private readonly Pinned<byte> _lookups;

    public KernelCase(CodeForm form, Random random)
    {
        (_form, _pixels) = (form, Tiles * form.Tile.Pixels);
        _groups = [.. Enumerable.Range(0, form.Merged).Select(_ => random.Next(3))];
        bool multiplies = form is { Fold: null, Loads: false };
        int[] windows = [.. Enumerable.Range(0, Tiles).Select(_ => random.Next(1, 6))];
        int channels = form.Channels, steps = multiplies ? _groups.Select((count, i) => count * (i + 1)).Sum() : windows.Sum();
        _data = new((2 * PlaceBytes) + (form.Tile.Run * form.RunBytes) + Math.Max(LaneBytes, channels * (int)form.Data));
        random.NextBytes(_data.Span);
        int weights = !multiplies ? 0 : steps * channels * LaneBytes / (int)form.Data;
        _weights = new([.. Enumerable.Range(0, weights).SelectMany(_ => Weight(random))]);
        int[] runs = [.. Enumerable.Range(0, Tiles * form.Tile.Runs).Select(_ => random.Next(PlaceBytes))];
        _dataAt = new([.. Enumerable.Range(0, _pixels)
            .Select(pixel => runs[pixel / form.Tile.Run] + (pixel % form.Tile.Run * form.RunBytes))]);
        _starts = new([.. runs.Chunk(form.Tile.Runs).SelectMany(tile => tile.Concat(new int[form.Tile.Pixels - form.Tile.Runs]))]);
        _steps = new([.. Enumerable.Range(0, steps).Select(_ => random.Next(PlaceBytes))]);
        _windows = new([.. Enumerable.Range(0, _pixels).Select(pixel => pixel / form.Tile.Pixels).SelectMany<int, int>(tile =>
            [windows[..tile].Sum() * sizeof(int), windows[..(tile + 1)].Sum() * sizeof(int)])]);
        _resultAt = Disjoint(random, form.Result);
        _otherAt = Disjoint(random, ElementKind.Int);
        _result = new(_pixels * channels * (int)form.Result);
        _other = new(_pixels * channels * LaneBytes);
        random.NextBytes(_other.Span);
        _tables = new([.. Enumerable.Range(0, 2 * channels).Select(i => i < channels ? random.Next(-5000, 5000) : random.Next(1, 90))]);
        _lookups = new([.. Enumerable.Range(0, LookupBytes / LaneBytes).SelectMany(_ => BitConverter.GetBytes(Entry(random)))]);
        _result.Span.Fill(0xa5);
    }

    /// <summary>All that the kernel may use.</summary>
    public IReadOnlyList<X86Range> Ranges =>
    [
        Of("the data", _data), Of("the weights", _weights), Of("the pixels", _starts), Of("the result's pixels", _resultAt),
        Of("the other's pixels", _otherAt), Of("the steps", _steps), Of("the tables", _tables), Of("the other", _other),
        Of("the windows", _windows), Of("the lookups", _lookups),
        new("the result", _result.Pointer, _result.Bytes, isWritten: true),
    ];

    public byte[] Run(GeneratedKernel kernel)
    {
        var arguments = new CodeArguments
        {
            End = _pixels, Data = _data.Pointer, Pixels = _starts.Pointer, Result = _result.Pointer, Results = _resultAt.Pointer,
            Weights = _weights.Pointer, Steps = _steps.Pointer, Windows = _windows.Pointer, Tables = (byte*)_tables.Pointer,
            Lookups = _lookups.Pointer,
            Constants = (byte*)kernel.Constants.Pointer,
        };
        int* end = arguments.Steps;
        for (int together = _form.Merged; together >= 1; together--)
        {
            end += together * _groups[together - 1];
            arguments.StepEnds[together - 1] = (long)end;
        }
        (arguments.Others[0], arguments.OtherPixels[0]) = ((long)_other.Pointer, (long)_otherAt.Pointer);
        kernel.Run(&arguments);
        return _result.Span.ToArray();
    }

    /// <summary>The result as the form says, a number at a time.</summary>
    public byte[] Expected()
    {
        byte[] result = [.. Enumerable.Repeat((byte)0xa5, _result.Count)];
        for (int pixel = 0; pixel < _pixels; pixel++)
        {
            for (int channel = 0; channel < _form.Channels; channel++)
            {
                byte[] bytes = BitConverter.GetBytes(Number(pixel, channel));
                bytes.AsSpan(0, (int)_form.Result).CopyTo(result.AsSpan(_resultAt.Span[pixel] + (channel * (int)_form.Result)));
            }
        }
        return result;
    }

    /// <summary>As it is stored.</summary>
    private int Number(int pixel, int channel)
    {
        int start = Begun(pixel, channel);
        if (_form.Fold is { Bytes: > 0 })
            return _form.Data == ElementKind.Byte ? Math.Clamp(start, _form.Bytes.Least, _form.Bytes.Greatest) : start;
        int number = _form.Stages.Aggregate(start, (sum, stage) => Staged(stage, sum, pixel, channel));
        return number + (_form.Result == ElementKind.Byte ? _form.ResultOffset : 0);
    }

    /// <summary>What stages begin with.</summary>
    private int Begun(int pixel, int channel)
    {
        int at = _dataAt.Span[pixel] + (channel * (int)_form.Data);
        if (_form.Loads) return Element(_form.Data, _data.Span[at..]);
        if (_form.Fold is not { } fold) return Sum(pixel, channel);
        int begin = _windows.Span[2 * pixel] / sizeof(int), end = _windows.Span[(2 * pixel) + 1] / sizeof(int);
        int result = fold.Sums ? 0 : int.MinValue;
        foreach (int step in _steps.Span[begin..end])
        {
            int element = Element(_form.Data, _data.Span[(at + step)..]);
            result = fold.Sums ? unchecked(result + element) : Math.Max(result, element);
        }
        return result;
    }

    /// <summary>That fits the result, and both of its halves do.</summary>
    private int Entry(Random random) => _form.Result switch
    {
        ElementKind.Byte => random.Next(-_form.ResultOffset, byte.MaxValue - _form.ResultOffset + 1),
        ElementKind.Short => random.Next(short.MinValue, short.MaxValue + 1),
        _ => (int)random.NextInt64(int.MinValue, int.MaxValue + 1L),
    };

    private static int Element(ElementKind kind, ReadOnlySpan<byte> at) => kind switch
    {
        ElementKind.Byte => at[0],
        ElementKind.Short => BitConverter.ToInt16(at),
        _ => BitConverter.ToInt32(at),
    };

    private int Sum(int pixel, int channel)
    {
        int sum = 0;
        for (int step = 0; step < _steps.Count; step++)
        {
            var data = _data.Span[(_dataAt.Span[pixel] + _steps.Span[step])..];
            var weights = _weights.Span[(((step * _form.Channels) + channel) * LaneBytes)..];
            for (int i = 0; i < LaneBytes; i += (int)_form.Data)
            {
                sum += _form.Data == ElementKind.Byte ? data[i] * (sbyte)weights[i]
                    : BitConverter.ToInt16(data[i..]) * BitConverter.ToInt16(weights[i..]);
            }
        }
        return sum;
    }

    private int Staged(StageForm stage, int sum, int pixel, int channel)
    {
        if (stage.Other is { } kind)
        {
            var at = _other.Span[(_otherAt.Span[pixel] + (channel * (int)kind))..];
            int other = Element(kind, at);
            sum += stage.Subtracts ? -other : other;
        }
        if (stage.Adds) sum += _tables.Span[channel];
        sum = Math.Clamp(sum, stage.Low, stage.High);
        if (stage.Multiplies) sum *= _tables.Span[(stage.Adds ? _form.Channels : 0) + channel];
        sum = (((sum << stage.LeftShift) >> stage.FirstShift) + stage.Rounding) >> stage.LastShift;
        sum = Math.Clamp(sum, stage.LastLow, stage.LastHigh);
        if (stage.Lookup is not { } lookup) return sum;
        // The last of the four bytes that are read.
        int bytes = (int)lookup.Entry;
        return Element(lookup.Entry, _lookups.Span[(lookup.Offset + (sum * bytes) + LaneBytes - bytes)..]);
    }

    /// <summary>Bytes that stay within 16 bits where steps are merged, with any data; shorts of any size.</summary>
    private byte[] Weight(Random random) => _form.Data == ElementKind.Byte
        ? [(byte)(_form.Set.HasVnni() ? random.Next(-128, 128) : random.Next(-16, 17))]
        : BitConverter.GetBytes((short)random.Next(short.MinValue, short.MaxValue + 1));

    /// <summary>Of pixels that do not overlap, in any order.</summary>
    private Pinned<int> Disjoint(Random random, ElementKind kind)
    {
        int[] places = [.. Enumerable.Range(0, _pixels).Select(pixel => pixel * _form.Channels * (int)kind)];
        random.Shuffle(places);
        return new(places);
    }

    private static X86Range Of<T>(string name, Pinned<T> memory) where T : unmanaged => new(name, memory.Pointer, memory.Bytes);
}
