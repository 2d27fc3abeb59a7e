__kernel void k(__global const float *restrict A, __global float *restrict B, __global const int *restrict N) {
  const int i = get_group_id(0);
  float s[2];
  s[i & 1] = B[0];
  const float a = A[0]; const float b = A[1];
  s[0] = s[0] + ((i < N[0]) ? a * b : 0.0f);
  s[1] = s[1] + ((i < N[0]) ? 0.0f : a * b);
  B[i] = s[0] + s[1];
}
