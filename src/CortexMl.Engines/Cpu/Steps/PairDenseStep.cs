using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>
/// A dense layer whose weights are computed, as attention has them: both operands are laid out as pairs of 16-bit numbers first.
/// </summary>
/// <param name="operation">Its data are [rows, terms], its weights [units, terms].</param>
/// <param name="operands">Data, weights and, where there is one, the bias.</param>
internal sealed class PairDenseStep(
    Operation operation, IReadOnlyList<Func<Block>> operands, IReadOnlyList<PlainBuffer> reads, PlainBuffer result) : Step
{
    private const int Tile = 2 * PairedRows.Block;

    private readonly int _rows = operation.Operands[0].Type.Shape[0], _terms = operation.Operands[0].Type.Shape[1],
        _units = operation.Operands[1].Type.Shape[0];

    private readonly PlainBuffer _data = Buffer(operation.Operands[0], PairProduct.Rows), _weights = Buffer(operation.Operands[1], Tile);

    public override IReadOnlyList<Storage> Reads => reads;

    public override IReadOnlyList<Storage> Writes => [result, _data, _weights];

    public override Value Subject => operation.Result;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() =>
        [(operation.Result, Tensor.Create(operation.Result.Type.Shape, result.Block.Span.ToArray()))];

    /// <summary>Whether this is a dense layer, which has 8-bit numbers by the CVM's rules, that the instructions can multiply.</summary>
    public static bool Takes(Operation operation, CpuInstructions instructions) =>
        operation.Spec == CvmConv.Dense && instructions.Include(CpuInstructions.Avx2) && Avx2.IsSupported
        && operation.Operands.Take(2).All(o => o.Type.Shape.Count > 0 && Fits(o.Type.Shape));

    public override void Run(Workers workers)
    {
        Block data = operands[0](), weights = operands[1]();
        PairedRows.Pack(data.Span, _terms, _data.Block.Span);
        PairedRows.PackBlocks(weights.Span, _terms, _weights.Block.Span);
        int tiles = (_units + Tile - 1) / Tile;
        workers.Run(part =>
        {
            var (from, to) = Share(tiles, part, workers.Parts);
            for (int tile = from; tile < to; tile++) Multiply(tile * Tile);
        });
    }

    /// <summary>All rows times as many units as a tile has.</summary>
    private void Multiply(int unit)
    {
        int pairs = PairedRows.Pairs(_terms), units = Math.Min(Tile, _units - unit);
        Span<int> sums = stackalloc int[PairProduct.Rows * Tile], all = result.Block.Span;
        var bias = operands.Count > 2 ? operands[2]().Span.Slice(unit, units) : [];
        ref int weights = ref _weights.Block.Data[unit * pairs];
        for (int row = 0; row < _rows; row += PairProduct.Rows)
        {
            PairProduct.Tile(ref _data.Block.Data[row * pairs], ref weights,
                ref Unsafe.Add(ref weights, PairedRows.Block * pairs), pairs, sums);
            for (int r = 0; r < Math.Min(PairProduct.Rows, _rows - row); r++)
            {
                var own = all.Slice(((row + r) * _units) + unit, units);
                sums.Slice(r * Tile, units).CopyTo(own);
                for (int u = 0; u < bias.Length; u++) own[u] += bias[u];
            }
        }
    }

    /// <summary>For the pairs of a matrix, its rows filled up to whole tiles.</summary>
    private static PlainBuffer Buffer(Value matrix, int tile) =>
        new(Shape.Of(Rows(matrix.Type.Shape, tile), PairedRows.Pairs(matrix.Type.Shape[1])));

    private static bool Fits(Shape matrix) => (long)Rows(matrix, Tile) * PairedRows.Pairs(matrix[1]) < int.MaxValue / sizeof(int);

    private static int Rows(Shape matrix, int tile) => checked((matrix[0] + tile - 1) / tile * tile);
}
