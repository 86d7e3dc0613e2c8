using System.Numerics;
using System.Runtime.InteropServices;
using CortexMl.Engines;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Engines.Gpu.Running;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>The GPU engine's plan for a CUDA device, its kernels run by the machine.</summary>
/// <param name="observe">Called with every value that a kernel leaves in memory; null for nobody.</param>
internal sealed class PtxEngine(PtxLauncher launcher, Action<Value, Tensor<int>>? observe = null) : IEngine
{
    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        return new Executable(graph, launcher, observe);
    }

    private sealed class Executable : IExecutable
    {
        private readonly Graph _graph;
        private readonly PtxLauncher _launcher;
        private readonly Action<Value, Tensor<int>>? _observe;
        private readonly GpuPlan _plan;
        private readonly PtxStorage[] _slots;
        private readonly Dictionary<ConstantArray, PtxStorage> _constants = new(ReferenceEqualityComparer.Instance);
        private readonly Random _noise = new(1);

        public Executable(Graph graph, PtxLauncher launcher, Action<Value, Tensor<int>>? observe)
        {
            (_graph, _launcher, _observe, _plan) = (graph, launcher, observe, GpuPlanner.Make(graph, hasGroups: true));
            _slots = [.. _plan.Memory.Bytes.Select(bytes => new PtxStorage(new byte[bytes], new PtxShadow((int)bytes, "the launch")))];
            foreach (var constant in _plan.Steps.SelectMany(s => s.Arguments).Select(a => a.Constant).OfType<ConstantArray>())
                _constants[constant] = new PtxStorage(Bytes(constant.Elements), null);
        }

        public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
        {
            InterpreterExecutable.CheckInputs(_graph, inputs);
            if (!GpuExecutable.HoldsFor(_graph, inputs))
            {
                using var interpreter = new InterpreterEngine(new InterpreterOptions { Observe = _observe }).Prepare(_graph);
                return interpreter.Run(inputs);
            }
            // A device's memory holds anything before a run.
            foreach (var slot in _slots) _noise.NextBytes(slot.Data);
            foreach (var (input, tensor) in _graph.Inputs.Zip(inputs)) Write(input, tensor.Data);
            foreach (var (i, step) in _plan.Steps.Index())
            {
                _launcher.Run(step.Kernel, [.. step.Arguments.Select(Storage)]);
                bool isComplete = i + 1 == _plan.Steps.Count || _plan.Steps[i + 1].Group != step.Group;
                if (_observe is null || !isComplete) continue;
                foreach (var result in step.Group.Last.Results) _observe(result, Read(result));
            }
            return [.. _graph.Outputs.Select(Read)];
        }

        public void Dispose()
        {
        }

        private PtxStorage Storage(Argument argument) =>
            argument.Constant is { } constant ? _constants[constant] : _slots[_plan.Memory.SlotOf[argument.Value!]];

        private void Write(Value value, int[] tensor)
        {
            var layout = _plan.Layouts[value];
            byte[] bytes = layout.Element switch
            {
                KernelElement.I8 => Bytes(layout.Pack<sbyte>(layout.Order(), tensor)),
                KernelElement.I16 => Bytes(layout.Pack<short>(layout.Order(), tensor)),
                _ => Bytes(layout.Pack<int>(layout.Order(), tensor)),
            };
            bytes.CopyTo(_slots[_plan.Memory.SlotOf[value]].Data, 0);
        }

        private Tensor<int> Read(Value value)
        {
            if (value.Constant is { } constant) return (Tensor<int>)constant.Tensor;
            return Tensor.Create(value.Type.Shape, _plan.Layouts[value].Element switch
            {
                KernelElement.I8 => Unpack<sbyte>(value),
                KernelElement.I16 => Unpack<short>(value),
                _ => Unpack<int>(value),
            });
        }

        private int[] Unpack<T>(Value value) where T : unmanaged, IBinaryInteger<T>
        {
            ValueLayout layout = _plan.Layouts[value];
            byte[] memory = _slots[_plan.Memory.SlotOf[value]].Data;
            return layout.Unpack(layout.Order(), MemoryMarshal.Cast<byte, T>(memory.AsSpan(0, (int)layout.Bytes)));
        }

        private static byte[] Bytes(Array elements)
        {
            byte[] bytes = new byte[Buffer.ByteLength(elements)];
            Buffer.BlockCopy(elements, 0, bytes, 0, bytes.Length);
            return bytes;
        }
    }
}
