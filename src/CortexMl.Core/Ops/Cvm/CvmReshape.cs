using CortexMl.Ir;

namespace CortexMl.Ops.Cvm;

/// <summary>
/// The target codes of reshape: v &gt; 0 a dimension; 0 the source's; -1 whatever remains; -2 all remaining; -3 two joined; -4 a b one
/// split; anything below is ignored. Each code but -2 and the ignored ones moves the cursor over the source's dimensions.
/// </summary>
internal sealed class CvmReshape
{
    private readonly IOperation _op;
    private readonly long[] _source;
    private readonly long[] _target;
    private readonly List<long> _result = [];
    private int _cursor;
    private int? _open;

    private CvmReshape(IOperation op)
    {
        _op = op;
        _source = CvmRules.Dims(op.Shape(0));
        _target = [.. op.Ints("shape")];
    }

    public static long[] Resolve(IOperation op) => new CvmReshape(op).Run();

    private long[] Run()
    {
        if (_target.Length == 0) throw _op.Logic("shape is empty");
        for (int at = 0; at < _target.Length; at++)
        {
            at += Read(at);
            if (_result.Count > CvmRules.MaxRank) throw Wrong($"more than {CvmRules.MaxRank} dimensions");
        }
        long size = _op.Shape(0).Count;
        if (_open is { } open) Fill(open, size);
        var shape = CvmRules.Limited(_op, [.. _result]);
        return shape.Count == size ? [.. _result] : throw Wrong($"{shape} has another number of elements");
    }

    /// <summary>Reads the code at an index of the target; returns how many further elements it took.</summary>
    private int Read(int at)
    {
        switch (_target[at])
        {
            case > 0:
                _result.Add(_target[at]);
                _cursor++;
                return 0;
            case 0:
                _result.Add(Next());
                return 0;
            case -1:
                if (_open is not null) throw Wrong("two elements are -1");
                _open = at;
                _result.Add(1);
                _cursor++;
                return 0;
            case -2:
                while (_cursor < _source.Length) _result.Add(Next());
                return 0;
            case -3:
                _result.Add(Next() * Next());
                return 0;
            case -4:
                if (at + 2 >= _target.Length) throw Wrong("-4 needs two numbers behind it");
                Split(_target[at + 1], _target[at + 2]);
                return 2;
            default:
                return 0;
        }
    }

    private void Split(long first, long second)
    {
        long whole = Next();
        if (first == -1 && second == -1) throw Wrong("both parts of -4 are -1");
        if (first == 0 || second == 0) throw Wrong("a part of -4 is 0");
        if (first == -1) first = whole / second;
        if (second == -1) second = whole / first;
        if ((Int128)first * second != whole) throw Wrong($"-4 splits {whole} into {first} times {second}");
        _result.Add(first);
        _result.Add(second);
    }

    // What remains goes to the index that -1 has in the attribute, which is not where it stands in the result once an earlier code emitted
    // more or fewer dimensions than one; the product of the others is taken in 32 bits.
    private void Fill(int index, long size)
    {
        int product = unchecked((int)_result.Aggregate(1L, (all, dim) => all * dim));
        if (product == 0 || index >= _result.Count) throw Wrong("nothing remains for -1");
        _result[index] = size / product;
    }

    private long Next() => _cursor < _source.Length ? _source[_cursor++] : throw Wrong("it copies more dimensions than there are");

    private RuleException Wrong(string why) => _op.Logic($"shape {_op.Get("shape")} does not fit {_op.Shape(0)}: {why}");
}
