using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// Non-maximum suppression as published: batches on their own, rows dropped only by rows that are kept. A thread per batch takes the
/// valid rows by falling score, equal ones in their order, each found by a scan for the best one after the last: no memory is needed to
/// sort.
/// </summary>
internal sealed class SuppressionWriter
{
    /// <summary>Of a row: id, score, and the corners x1, y1, x2, y2.</summary>
    private const int Size = 6, Id = 0, Score = 1, Corners = 2;

    private readonly KernelBuilder _k;
    private readonly OperandAccess _x;
    private readonly ResultAccess _y;
    private readonly Shape _shape;
    private readonly Expr _batch, _valid;
    private readonly LocalExpr _kept;
    private readonly int _best, _most, _threshold;
    private readonly bool _force;

    public SuppressionWriter(OperationScope scope)
    {
        (_k, _x, _y, _shape, _batch) = (scope.Kernel, scope.Operand(0), scope.Result(), scope.Op.Shape(0), scope.Kernel.Thread);
        (_best, _most, _threshold) =
            ((int)scope.Op.Int("top_k"), (int)scope.Op.Int("max_output_size"), (int)scope.Op.Int("iou_threshold"));
        _force = scope.Op.Bool("force_suppress");
        _valid = _k.Let("valid", scope.Operand(1).AtFlat(_batch).Clamp(0, _shape[1]));
        _kept = _k.Let("kept", 0);
    }

    public LaunchShape Write()
    {
        Expr taken = _k.Let("taken", _best >= 0 ? _valid.Min(_best) : _valid);
        if (_best != 0 && _most != 0) WriteRows(taken);
        _k.For("rest", _kept, _shape[1], rest => _k.For("i", 0, Size, i => _y.Store(-1, _batch, rest, i)));
        return LaunchShape.Threads(_shape[0]);
    }

    private void WriteRows(Expr taken)
    {
        LocalExpr last = _k.Let("last", -1), lastScore = _k.Let("last_score", int.MaxValue), rank = _k.Let("rank", 0);
        Expr goesOn = rank < taken;
        _k.While(_most > 0 ? goesOn & (_kept < _most) : goesOn, () =>
        {
            LocalExpr next = _k.Let("next", -1), nextScore = _k.Let("next_score", 0);
            _k.For("row", 0, _valid, row =>
            {
                var score = _k.Let("score", _x.At(_batch, row, Score));
                var isAfter = (score < lastScore) | (score.Is(lastScore) & (last < row));
                _k.If(isAfter & ((next < 0) | (nextScore < score)), () =>
                {
                    _k.Assign(next, row);
                    _k.Assign(nextScore, score);
                });
            });
            _k.Assign(last, next);
            _k.Assign(lastScore, nextScore);
            _k.Assign(rank, rank + 1);
            _k.If(_x.At(_batch, next, Id) >= 0, () => KeepUnlessCovered(next));
        });
    }

    private void KeepUnlessCovered(Expr row)
    {
        LocalExpr[] numbers = [.. Enumerable.Range(0, Size).Select(i => _k.Let("a", _x.At(_batch, row, i)))];
        LocalExpr isCovered = _k.Let("covered", 0), other = _k.Let("other", 0);
        _k.While((other < _kept) & isCovered.Is(0), () =>
        {
            if (_force) Compare();
            else _k.If(Kept(Id).Is(numbers[Id]), Compare);
            _k.Assign(other, other + 1);
        });
        _k.If(isCovered.Is(0), () =>
        {
            for (int i = 0; i < Size; i++) _y.Store(numbers[i], _batch, _kept, i);
            _k.Assign(_kept, _kept + 1);
        });

        Expr Kept(int i) => _y.LoadFlat((((_batch * _shape[1]) + other) * Size) + i);

        void Compare()
        {
            LocalExpr[] box = [.. Enumerable.Range(Corners, Size - Corners).Select(i => _k.Let("b", Kept(i)))];
            _k.Assign(isCovered, Overlap.Percent(_k, box, numbers.AsSpan(Corners)) >= _threshold);
        }
    }
}
